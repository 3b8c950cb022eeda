/** How an engine process ended, for a sentence and the log. */
export interface EngineExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** The last lines that it wrote to stderr. */
  readonly stderr: string;
}

/** The channel to an engine process, which Node forks and Electron starts as a `utilityProcess`. */
export interface EngineChannel {
  readonly pid: number | undefined;
  /** Does nothing when the process is gone. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called exactly once, also when the process could not be started. */
  onExit(listener: (exit: EngineExit) => void): void;
  kill(): void;
}

/** Starts `entry` (a file that Node can run) with `env` as its whole environment. */
export type LaunchEngine = (entry: string, env: Readonly<Record<string, string>>) => EngineChannel;
