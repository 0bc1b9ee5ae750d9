/** Who wrote, as audits and the operator's own messages name it: the field manager of this program. */
export const manager = 'kubectl-rtc';
