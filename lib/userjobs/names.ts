// How user jobs are told from everything else: known to the function that makes them and to the one that sweeps.

/** Value of the label on the anchor of a user job. */
export const USER_JOB_KIND = 'userjob';
