/** Small files of everyday kinds, each valid in its own format. */
import { drawChart } from './pictures.ts';
import type { Random } from './random.ts';

export interface SampleFile {
  key: string;
  name: string;
  extension: string;
  contentType: string;
  content: Uint8Array;
}

export function makeFiles(random: Random): SampleFile[] {
  const file = (name: string, contentType: string, content: Uint8Array | string): SampleFile => ({
    key: random.hex(64),
    name,
    extension: name.slice(name.lastIndexOf('.') + 1),
    contentType,
    content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
  });
  return [
    file('delivery-note.pdf', 'application/pdf', makePdf(['Delivery note 20418', '12 x Shelf, oak', 'Received: yes'])),
    file('quotation 2026.pdf', 'application/pdf', makePdf(['Quotation', 'Annual support, 5 seats', 'Total: 1,200.00'])),
    file('weekly-report.png', 'image/png', drawChart(random)),
    file('screenshot of the error.png', 'image/png', drawChart(random)),
    file('báo cáo tháng.png', 'image/png', drawChart(random)),
    file('发票.txt', 'text/plain; charset=utf-8', '发票\n金额: 1280.00\n日期: 2026-05-11\n'),
    file('gateway.log', 'text/plain; charset=utf-8', makeLog(random)),
    file('orders.csv', 'text/csv; charset=utf-8', makeOrders(random)),
    file('webhook.json', 'application/json', JSON.stringify({ event: 'order.paid', attempt: 2, ok: true }, null, 2)),
  ];
}

/** A PDF of one page with a line of text for each of `lines` (ASCII without brackets). */
function makePdf(lines: readonly string[]): string {
  const text = lines.map((line) => `(${line}) Tj T*`).join(' ');
  const drawing = `BT /F1 18 Tf 24 TL 72 720 Td ${text} ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${drawing.length} >>\nstream\n${drawing}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const entries = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  return `${body}xref\n0 ${size}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${size} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
}

const makeLog = (random: Random): string =>
  Array.from({ length: 40 }, (_, index) => {
    const status = random.pick([200, 200, 200, 204, 404, 502]);
    return `2026-05-11T08:${String(index).padStart(2, '0')}:00Z POST /hooks/orders ${status} ${random.between(3, 900)}ms`;
  }).join('\n');

const makeOrders = (random: Random): string =>
  [
    'order,items,total',
    ...Array.from({ length: 20 }, (_, n) => `${1000 + n},${random.between(1, 9)},${random.between(10, 500)}.00`),
  ].join('\r\n');
