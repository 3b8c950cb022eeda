import { ColumnNode, type KyselyPlugin, type OnConflictNode, OperationNodeTransformer } from 'kysely';

/** Domain functions name a conflict by the columns that they know; here every key begins with the tenant. */
export function tenantInConflictTargets(): KyselyPlugin {
  const transformer = new ConflictTargets();
  return {
    transformQuery: ({ node }) => transformer.transformNode(node),
    transformResult: async ({ result }) => result,
  };
}

class ConflictTargets extends OperationNodeTransformer {
  protected override transformOnConflict(node: OnConflictNode): OnConflictNode {
    const transformed = super.transformOnConflict(node);
    if (transformed.columns === undefined) return transformed;
    return { ...transformed, columns: [ColumnNode.create('tenant_id'), ...transformed.columns] };
  }
}
