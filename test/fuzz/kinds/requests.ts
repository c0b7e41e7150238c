/** Requests over Socket.IO: any name with any value, schemas nearly met, and shapes that are no request. */
import fc from 'fast-check';
import { fuzzKind } from '../kind.ts';
import { Attacker } from '../target.ts';
import { anyName, anyValue, nearlyRightRequest } from '../values.ts';

const role = fc.constantFrom('admin' as const, 'commercial' as const);

/** One page of each role. */
function attackers(target: ConstructorParameters<typeof Attacker>[0]) {
  const admin = new Attacker(target, 'admin');
  const commercial = new Attacker(target, 'commercial');
  return {
    admin,
    commercial,
    close: () => {
      admin.close();
      commercial.close();
    },
  };
}

/** Any name, any value. */
export const anything = fuzzKind({
  name: 'any request with any value',
  share: 16,
  arbitrary: fc.record({ role, name: anyName, value: anyValue }),
  open: async (target) => {
    const pages = attackers(target);
    return { attempt: ({ role, name, value }) => pages[role].request(name, value), close: pages.close };
  },
});

/** Every schema, with at most one thing wrong. */
export const nearly = fuzzKind({
  name: 'schemas met but for one thing',
  share: 26,
  arbitrary: fc.record({ role, request: nearlyRightRequest }),
  open: async (target) => {
    const pages = attackers(target);
    return {
      attempt: ({ role, request }) => pages[role].request(request.name, request.params),
      close: pages.close,
    };
  },
});

/** No acknowledgement, none or many arguments, an acknowledgement in the wrong place. */
export const shapes = fuzzKind({
  name: 'acknowledgement or arguments missing',
  share: 9,
  arbitrary: fc.record({ role, name: anyName, args: fc.array(anyValue, { maxLength: 4 }), ack: fc.boolean() }),
  open: async (target) => {
    const pages = attackers(target);
    return {
      attempt: async ({ role, name, args, ack }) => {
        if (ack) return pages[role].request(name, ...args);
        const page = await pages[role].page(2);
        page.socket.emit(name, ...args);
        return pages[role].probe();
      },
      close: pages.close,
    };
  },
});
