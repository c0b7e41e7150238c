import { Router } from 'express';
import { HttpError } from './http-error.ts';
import { ENCODINGS, type Encoding, WidgetFiles } from './widget-files.ts';

/** What `widgetRoutes` needs to know. */
export interface WidgetSettings {
  /** Folder of the built bundles. */
  readonly folder: string;
  /** The version under which they may be asked for with a lasting name. */
  readonly version: string;
  /** Outside production browsers ask again at each load, so that a rebuilt bundle is seen at once. */
  readonly production: boolean;
}

const IMMUTABLE = 'public, max-age=31536000, immutable';
const SHORT = 'public, max-age=300';
const ASK_AGAIN = 'public, no-cache';

/**
 * `GET /widgets/FILE` is always the newest (kept 5 minutes by browsers, then asked for again by ETag); `GET /widgets/VERSION/FILE`
 * never changes and is kept for a year, and so does and is a file of `cdn/` whose name holds the hash of its content (a damaged one, whose
 * content is another, is kept shortly). Scripts are public, so any page may load them (also with COEP: require-corp).
 */
export function widgetRoutes({ folder, version, production }: WidgetSettings): Router {
  const files = new WidgetFiles(folder);
  const router = Router();
  router.use('/widgets', (req, res, next) => {
    res.set({
      'Access-Control-Allow-Origin': '*',
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Timing-Allow-Origin': '*',
    });
    if (req.method === 'OPTIONS') {
      res.set('Access-Control-Allow-Methods', 'GET, HEAD').status(204).end();
      return;
    }
    next();
  });
  router.get('/widgets/*path', async (req, res) => {
    const segments = [...req.params.path];
    const versioned = /^\d+\.\d+\.\d+/.test(segments[0] ?? '');
    const asked = versioned ? segments.shift() : version;
    if (asked !== version) {
      throw new HttpError(
        404,
        'not_found',
        `This relay serves version ${version} of the widgets: /widgets/${version}/.`,
      );
    }
    const file = await files.find(segments);
    if (!file) throw await notThere(files, segments);

    const encoding = bestEncoding(req.acceptsEncodings());
    const body = await file.body(encoding);
    res.set({
      'Content-Type': file.type,
      'Cache-Control': versioned || file.namedByContent ? IMMUTABLE : production ? SHORT : ASK_AGAIN,
      ETag: `"${file.hash}-${encoding}"`,
    });
    res.vary('Accept-Encoding');
    if (encoding !== 'identity') res.set('Content-Encoding', encoding);
    // Express compares the ETag, answers 304, and leaves the body out for HEAD.
    res.send(body);
  });
  return router;
}

/** The best of ours that is accepted; browsers list gzip before br, and mean no preference by it. */
function bestEncoding(accepted: readonly string[]): Encoding {
  return ENCODINGS.find((encoding) => accepted.includes(encoding)) ?? 'identity';
}

async function notThere(files: WidgetFiles, segments: readonly string[]): Promise<HttpError> {
  const path = segments.join('/').slice(0, 200);
  if (await files.exists()) return new HttpError(404, 'not_found', `The widgets have no file ${path}.`);
  // The folder's path stays in the relay: the answer is public.
  return new HttpError(
    404,
    'not_found',
    'The widgets are not built. Run npm run build, install the widgets’ tarball of this relay’s version beside it, or set WIDGETS_DIR to where they are.',
  );
}
