/** What llama.cpp, its GPU drivers and the operating system need; API keys and everything else stay in the host. */
const allowedNames = new Set([
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TZ',
  'TMPDIR',
  'TMP',
  'TEMP',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'SYSTEMROOT',
  'WINDIR',
  'SYSTEMDRIVE',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
  'PROGRAMDATA',
  'COMSPEC',
  'PATHEXT',
  'CUDA_VISIBLE_DEVICES',
  'CUDA_PATH',
  'HIP_VISIBLE_DEVICES',
  'VK_ICD_FILENAMES',
  'VK_DRIVER_FILES',
  'XDG_RUNTIME_DIR',
]);

/** The part of `env` that an engine process may see. */
export function scrubEnv(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && allowedNames.has(name.toUpperCase())) kept[name] = value;
  }
  return kept;
}
