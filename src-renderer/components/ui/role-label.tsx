import { type Role, roles } from '../../../src-core/contract/messages.ts';
import { cn } from './cn.ts';

const roleColours: Readonly<Record<Role, string>> = {
  system: 'bg-role-system',
  developer: 'bg-role-system',
  user: 'bg-role-user',
  assistant: 'bg-role-assistant',
  tool: 'bg-role-tool',
};

/** A role with its colour. */
export function RoleLabel({ role }: { readonly role: string }) {
  const colour = (roles as readonly string[]).includes(role) ? roleColours[role as Role] : 'bg-faint';
  return (
    <span className="inline-flex items-center gap-1.5 font-medium">
      <span aria-hidden="true" className={cn('size-2 rounded-full', colour)} />
      {role.charAt(0).toUpperCase() + role.slice(1)}
    </span>
  );
}
