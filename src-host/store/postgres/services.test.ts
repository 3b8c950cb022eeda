import { describeServices } from '../../../src-core/testing/describe-services.ts';
import { openTenantWorld } from './testing/tenant-world.ts';

describeServices('PostgreSQL', openTenantWorld);
