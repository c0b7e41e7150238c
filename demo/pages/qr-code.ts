import { renderSVG } from 'uqr';
import { type Html, html, svgPicture } from '../server/html.ts';

/**
 * An address as a QR code (ISO/IEC 18004), black on white in either theme: many cameras do not read it the other way round.
 * @param label what the picture is, for those who do not see it
 */
export function qrCode(url: string, label: string): Html {
  return html`<div class="qr" role="img" aria-label="${label}">${svgPicture(renderSVG(url, { border: 2 }))}</div>`;
}
