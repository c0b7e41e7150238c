/** What the button tells when its connection is silent, when the user is live elsewhere, and after a reload: real pages, a real relay. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { waitUntil } from '../harness/wait.ts';
import type { FaultPage } from './rig/fault-page.ts';
import { FaultRig } from './rig/fault-rig.ts';

/** What the button says of this moment; the list of the day is another thing. */
const words = ({ page, tag }: FaultPage) =>
  page.$eval(tag, (element) => element.shadowRoot?.querySelector('[role=status]')?.textContent ?? '');

const press = ({ page, tag }: FaultPage, selector: string) =>
  page.$eval(tag, (element, inside) => element.shadowRoot?.querySelector<HTMLElement>(inside)?.click(), selector);

describe('the truth of the button', { timeout: 180_000 }, () => {
  let rig: FaultRig;
  before(async () => {
    rig = await FaultRig.start();
  });
  after(() => rig?.close());

  test('nothing of who listens is claimed soon after the relay fell silent, while the sound goes on', async () => {
    const { commercial, admin, people } = await rig.livePair();
    await waitUntil('the listener’s name', async () => (await words(commercial)).includes(people.admin.name));
    const at = Date.now();
    const back = commercial.signalling.goDown();
    // 3 s by the page's clock, which the session's own tests hold; a loaded machine and the asking take theirs.
    await waitUntil('uncertain', async () => !(await words(commercial)).includes(people.admin.name), 8_000);
    console.log(`uncertain after ${Date.now() - at} ms`);
    assert.equal(await commercial.state(), 'live');
    assert.equal(await admin.state(), 'listening');
    await waitUntil('the voice', async () => (await admin.heardAfter(Date.now(), 5_000)) !== null, 6_000);
    back();
    await waitUntil('the name again', async () => (await words(commercial)).includes(people.admin.name));
  });

  test('another page of the same user tells of the live, and stops it; the first one says so', async () => {
    const { commercial, people } = await rig.livePair();
    const other = await rig.open(people.commercial);
    await waitUntil('the two buttons', () =>
      other.page.$eval(other.tag, (element) => Boolean(element.shadowRoot?.querySelector('[part=continue]'))),
    );
    await press(other, '[part=stop-elsewhere]');
    await commercial.waitForState('ready');
    await waitUntil('the reason', () =>
      commercial.page.$eval(commercial.tag, (element) => Boolean(element.shadowRoot?.querySelector('.bubble.open'))),
    );
    await waitUntil('nothing elsewhere', () =>
      other.page.$eval(other.tag, (element) => !element.shadowRoot?.querySelector('[part=continue]')),
    );
  });
});
