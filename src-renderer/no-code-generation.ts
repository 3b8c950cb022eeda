import { config } from 'zod';

// The content security policy forbids `eval`; zod would try it and the browser would report a violation. It must be
// imported first, because each schema decides when it is made.
config({ jitless: true });
