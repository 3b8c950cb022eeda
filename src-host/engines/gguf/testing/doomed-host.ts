import { createLocalEngine } from '../local-engine.ts';
import { recordedLaunch, starterPath, targetOf } from './engine-driver.ts';

/** A host that loads the starter model, tells the id of its engine process and waits to be killed. */
const { launch, channels } = recordedLaunch();
const engine = createLocalEngine({ launch });
await engine.load(await targetOf(engine, 'starter', starterPath));
process.send?.(channels[0]?.pid);
