// What can go wrong between the console and the server, each as a sentence for people.

export class ApiError extends Error {
  constructor(
    message: string,
    /** As HTTP: 0 when no answer came. */
    readonly code: number,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

export const serverAway = (why: string) =>
  new ApiError(`The server does not answer (${why}). What is shown may be old; trying again.`, 0);

/** The sentence of anything that was thrown. */
export const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));
