// Remembers the answer to a question, so that many who ask cost as much as one.

/** `ask` again when the answer is older than `ms`; a failure is never remembered, and askers at the same time share one answer. */
export function rememberFor<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  let askedAt = -Infinity;
  return () => {
    if (answer !== undefined && performance.now() - askedAt <= ms) return answer;
    const asked = ask();
    answer = asked;
    askedAt = performance.now();
    asked.catch(() => {
      if (answer === asked) answer = undefined;
    });
    return asked;
  };
}
