// Prints the headers of a delivery, signed as Clerk's are.
//
//   node sign.mjs < {"secret":"whsec_…","id":"msg_…","body":"…"}
import { readFileSync } from 'node:fs';
import { Webhook } from 'svix';

const { secret, id, body } = JSON.parse(readFileSync(0, 'utf8'));
const at = new Date();
process.stdout.write(JSON.stringify({
  'svix-id': id,
  'svix-timestamp': String(Math.floor(at.getTime() / 1000)),
  'svix-signature': new Webhook(secret).sign(id, at, body),
}));
