import { config } from 'zod';

// The page's policy forbids to run text as code; zod would try it, and the browser would report that. First of all
// imports, because a schema decides when it is made.
config({ jitless: true });
