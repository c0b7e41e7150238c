import { describe } from 'node:test';
import { testStoreContract } from '../testing/store-contract.ts';
import { MemoryStore } from './memory-store.ts';

describe('MemoryStore', () => {
  const store = new MemoryStore();
  testStoreContract(() => store);
});
