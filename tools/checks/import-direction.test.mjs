import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFile } from './import-direction.mjs';

const problems = (file, source) => checkFile(file, source).length;

describe('import direction', () => {
  it('lets a module import from its own folder and from below', () => {
    assert.equal(
      problems(
        'relay/streams/stream.ts',
        "import { a } from './roster.ts';\nimport type { B } from '../media/media.ts';",
      ),
      0,
    );
    assert.equal(problems('relay/main.ts', "import { createRelay } from './relay-server.ts';"), 0);
  });

  it('refuses imports upwards and sideways', () => {
    assert.equal(problems('relay/media/worker.ts', "import { a } from '../streams/stream.ts';"), 1);
    assert.equal(problems('relay/http/app.ts', "import {\n  a,\n  b,\n} from '../signalling/dispatcher.ts';"), 1);
    assert.equal(problems('widgets/audio/player.ts', "export * from '../sessions/state.ts';"), 1);
    assert.equal(problems('relay/http/app.ts', "const a = await import('../main.ts');"), 1);
  });

  it('lets the widgets take types only from the protocol, and nothing else from the relay', () => {
    const file = 'widgets/relay-client/relay-link.ts';
    assert.equal(problems(file, "import type { A } from '../../relay/protocol/messages.ts';"), 0);
    assert.equal(problems(file, "import { a } from '../../relay/protocol/messages.ts';"), 1);
    assert.equal(problems(file, "import type { A } from '../../relay/config/shape.ts';"), 1);
  });

  it('knows which packages belong where', () => {
    assert.equal(problems('widgets/ui/icons.ts', "import { html } from 'lit/static-html.js';"), 0);
    assert.equal(problems('widgets/ui/icons.ts', "import { z } from 'zod';"), 1);
    assert.equal(problems('widgets/ui/icons.ts', "import { join } from 'node:path';"), 1);
    assert.equal(problems('relay/streams/stream.ts', "import { Server } from 'socket.io';"), 1);
    assert.equal(problems('relay/signalling/server.ts', "import { Server } from 'socket.io';"), 0);
  });

  it('keeps the cluster clear of sockets and media, and its bus below everything but timers', () => {
    assert.equal(problems('relay/cluster/claims.ts', "import { Server } from 'socket.io';"), 1);
    assert.equal(problems('relay/cluster/node/a.ts', "import { types } from 'mediasoup';"), 1);
    assert.equal(problems('relay/cluster/claims.ts', "import { a } from './bus/sealer.ts';"), 0);
    assert.equal(problems('relay/cluster/bus/sealer.ts', "import { a } from '../claims.ts';"), 1);
    assert.equal(problems('relay/cluster/bus/sealer.ts', "import { a } from '../../streams/stream.ts';"), 1);
    assert.equal(problems('relay/cluster/bus/sealer.ts', "import { a } from '../../streams/timers.ts';"), 0);
    assert.equal(problems('relay/streams/stream.ts', "import { a } from '../cluster/claims.ts';"), 1);
  });

  it('is not misled by other exports and strings', () => {
    assert.equal(problems('relay/media/a.ts', "export const a = 'x';\nconst b = \"from '../main.ts'\";"), 0);
  });
});
