/** The people of the pretend company. In a real host they come from its own database. */

/** Someone who goes from door to door and may stream. */
export interface CommercialPerson {
  readonly role: 'commercial';
  readonly id: string;
  readonly name: string;
  readonly equipe: string;
  /** Where they work today. */
  readonly sector: string;
}

/** Someone who may listen to the commercials of the named teams, and to nobody else. */
export interface AdminPerson {
  readonly role: 'admin';
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly equipes: readonly string[];
}

export type Person = CommercialPerson | AdminPerson;

/** The teams. */
export const EQUIPES = ['Lyon Est', 'Lyon Ouest', 'Villeurbanne'] as const;

export const COMMERCIALS: readonly CommercialPerson[] = [
  { role: 'commercial', id: 'lea-martin', name: 'Léa Martin', equipe: 'Lyon Est', sector: 'Montchat' },
  { role: 'commercial', id: 'karim-benali', name: 'Karim Benali', equipe: 'Lyon Est', sector: 'Monplaisir' },
  { role: 'commercial', id: 'chloe-petit', name: 'Chloé Petit', equipe: 'Lyon Est', sector: 'Bachut' },
  { role: 'commercial', id: 'hugo-moreau', name: 'Hugo Moreau', equipe: 'Lyon Ouest', sector: 'Vaise' },
  { role: 'commercial', id: 'ines-laurent', name: 'Inès Laurent', equipe: 'Lyon Ouest', sector: 'Point du Jour' },
  { role: 'commercial', id: 'thomas-girard', name: 'Thomas Girard', equipe: 'Villeurbanne', sector: 'Gratte-Ciel' },
];

export const ADMINS: readonly AdminPerson[] = [
  { role: 'admin', id: 'sophie-bernard', name: 'Sophie Bernard', title: 'Responsable Lyon Est', equipes: ['Lyon Est'] },
  { role: 'admin', id: 'marc-dubois', name: 'Marc Dubois', title: 'Responsable Lyon Ouest', equipes: ['Lyon Ouest'] },
  { role: 'admin', id: 'nadia-roux', name: 'Nadia Roux', title: 'Directrice commerciale', equipes: EQUIPES },
];

const BY_ID: ReadonlyMap<string, Person> = new Map([...COMMERCIALS, ...ADMINS].map((person) => [person.id, person]));

/** The person with this id, if there is one. */
export function findPerson(id: string): Person | undefined {
  return BY_ID.get(id);
}

/** The commercials whom this admin may hear, by name. */
export function teamOf(admin: AdminPerson): readonly CommercialPerson[] {
  return COMMERCIALS.filter((person) => admin.equipes.includes(person.equipe));
}
