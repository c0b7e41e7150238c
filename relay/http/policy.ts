import { Router } from 'express';
import type { TokenVerifier } from '../auth/user.ts';
import { RelayError } from '../errors.ts';
import { EVERY_TEAM } from '../policy/policy-schema.ts';
import type { PolicySource } from '../policy/policy-source.ts';
import { policyWords, textIn, WORDS_LANGUAGES, type WordsLanguage } from '../policy/policy-words.ts';
import { bearerToken } from './bearer.ts';
import { ReaderPaces } from './reader-paces.ts';

/** Teams that are told of in one answer; a token may name more. */
const MOST_TEAMS = 100;

/**
 * `GET /api/policy`: what the policy says for the teams of the token, in words, for people. `?lang=fr` or `en`; without it as
 * `Accept-Language` asks. `policy` is the SHA-256 of the file that holds, as in the audit trail; null: there is none.
 * @param trailIsStored whether the audit trail is kept in files
 */
export function policyRoutes(
  verifier: Pick<TokenVerifier, 'verifyReader'>,
  source: Pick<PolicySource, 'audit' | 'digest' | 'of'>,
  trailIsStored: boolean,
): Router {
  const router = Router();
  const paces = new ReaderPaces();
  router.get('/api/policy', async (req, res) => {
    res.set('Cache-Control', 'no-store').vary('Authorization').vary('Accept-Language');
    const token = bearerToken(req);
    if (token === null) throw new RelayError('token_missing', 'This needs Authorization: Bearer TOKEN.');
    const { role, id, equipes, expiresAt } = await verifier.verifyReader(token);
    paces.take({ role, id, equipes, expiresAt });
    const lang = languageOf(req.url) ?? (req.acceptsLanguages('fr', 'en') === 'fr' ? 'fr' : 'en');
    const kept = { audit: source.audit, trailIsStored };
    const teams = (equipes.length > 0 ? equipes : [EVERY_TEAM]).slice(0, MOST_TEAMS);
    res.set('Content-Language', lang).json({
      policy: source.digest,
      lang,
      teams: teams.map((equipe) => ({
        equipe: equipe === EVERY_TEAM ? null : equipe,
        purposes: source
          .of(equipe)
          .purposes.map(({ id: purpose, label }) => ({ id: purpose, label: textIn(label, lang) })),
        sections: policyWords(source.of(equipe), kept, lang, { role, id }),
      })),
    });
  });
  return router;
}

/** @throws RelayError bad_request */
function languageOf(url: string): WordsLanguage | null {
  const { searchParams } = new URL(url, 'http://relay');
  const names = [...searchParams.keys()];
  const given = searchParams.get('lang');
  const lang = WORDS_LANGUAGES.find((known) => known === given) ?? null;
  if (names.length === 0) return null;
  if (lang === null || names.length > 1) {
    throw new RelayError('bad_request', `There is one parameter, lang: ${WORDS_LANGUAGES.join(' or ')}.`);
  }
  return lang;
}
