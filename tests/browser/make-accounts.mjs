// Makes the accounts of the tests with the program itself, before the server starts.
//   node make-accounts.mjs PROGRAM STORE
import { execFileSync } from 'node:child_process';
import { ACCOUNTS } from './accounts.mjs';

const [program, store] = process.argv.slice(2);
for (const [id, { name, role, password }] of Object.entries(ACCOUNTS)) {
  execFileSync(program, ['user', 'add', id, '--store', store, '--name', name, '--role', role, '--password-stdin'], { input: `${password}\n`, stdio: ['pipe', 'ignore', 'inherit'] });
}
