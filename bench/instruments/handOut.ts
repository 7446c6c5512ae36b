// Hands out work to clients, each of which takes the next piece as soon as it is done with one.

export async function handOut<Client, Piece>(
  clients: readonly Client[],
  pieces: readonly Piece[],
  work: (client: Client, piece: Piece) => Promise<unknown>,
): Promise<void> {
  const left = pieces.values();
  await Promise.all(
    clients.map(async (client) => {
      for (const piece of left) await work(client, piece);
    }),
  );
}

export function many<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}
