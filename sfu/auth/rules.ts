/** Limits on client keys, as rtcd has them through bcrypt. */

/** Shorter keys are refused at registration. */
export const minKeyBytes = 32;

/** Longer keys are refused at registration. */
export const maxKeyBytes = 72;
