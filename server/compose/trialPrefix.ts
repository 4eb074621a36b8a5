/** Begins the ids of the doctor's test requests: they are not counted as use. */
export const trialPrefix = "doctor-";
