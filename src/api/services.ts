/** The services with all that they need, in one file that is loaded when the first of them is. */
export { ContactService } from './contactService.ts';
export { MirroredContactService } from './mirror/mirroredContactService.ts';
export { SignInService } from './signInService.ts';
export { LocalDataService } from './localDataService.ts';
