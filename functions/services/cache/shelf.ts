// Items in memory, found by uid and by the groups that they belong to: the services of a credential, and those of a name.

export interface Shelved<T> {
  readonly uid: string;
  readonly groups: readonly string[];
  readonly value: T;
}

export type Change = 'put' | 'removed';
export type OnChange = (group: string, change: Change, uid: string) => void;

export interface Shelf<T> {
  readonly put: (item: Shelved<T>) => void;
  readonly remove: (uid: string) => void;
  readonly replace: (items: readonly Shelved<T>[]) => void;
  readonly has: (uid: string) => boolean;
  readonly find: (group: string) => readonly T[];
}

export function createShelf<T>(onChange: OnChange): Shelf<T> {
  const items = new Map<string, Shelved<T>>();
  const groups = new Map<string, Map<string, T>>();

  const put = (item: Shelved<T>): void => {
    takeOut(item.uid);
    items.set(item.uid, item);
    for (const group of item.groups) {
      const members = groups.get(group) ?? new Map<string, T>();
      groups.set(group, members.set(item.uid, item.value));
    }
    for (const group of item.groups) onChange(group, 'put', item.uid);
  };

  const takeOut = (uid: string): readonly string[] => {
    const known = items.get(uid)?.groups ?? [];
    items.delete(uid);
    for (const group of known) {
      const members = groups.get(group);
      members?.delete(uid);
      if (members?.size === 0) groups.delete(group);
    }
    return known;
  };

  const remove = (uid: string): void => {
    for (const group of takeOut(uid)) onChange(group, 'removed', uid);
  };

  return {
    put,
    remove,
    replace: (present) => {
      const uids = new Set(present.map(({ uid }) => uid));
      for (const uid of items.keys()) if (!uids.has(uid)) remove(uid);
      for (const item of present) put(item);
    },
    has: (uid) => items.has(uid),
    find: (group) => [...(groups.get(group)?.values() ?? [])],
  };
}
