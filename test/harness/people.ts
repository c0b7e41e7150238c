/** The people of the demo, by name. */
import { type AdminPerson, type CommercialPerson, findPerson } from '../../demo/server/people.ts';

function commercial(id: string): CommercialPerson {
  const person = findPerson(id);
  if (person?.role !== 'commercial') throw new Error(`${id} is no commercial of the demo`);
  return person;
}

function admin(id: string): AdminPerson {
  const person = findPerson(id);
  if (person?.role !== 'admin') throw new Error(`${id} is no admin of the demo`);
  return person;
}

/** Commercials of the team Lyon Est. */
export const lea = commercial('lea-martin');
export const karim = commercial('karim-benali');
/** Admin of Lyon Est. */
export const sophie = admin('sophie-bernard');
/** Admin of Lyon Ouest: no commercial above is theirs. */
export const marc = admin('marc-dubois');
/** Admin of all teams. */
export const nadia = admin('nadia-roux');
