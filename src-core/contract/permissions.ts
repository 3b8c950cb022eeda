/**
 * What a caller must be allowed. `deploy`: moving protected labels; `manage`: settings, endpoints and protection that
 * everybody shares; `operate`: this computer, with its model files and processes.
 */
export const permissions = ['read', 'write', 'delete', 'run', 'deploy', 'manage', 'operate'] as const;
export type Permission = (typeof permissions)[number];
