// npm run dev: the gateway from source, restarted when it changes, and the console by Vite, which hands every question on to it. Ends both together.
import { spawn } from 'node:child_process';

const gateway = process.env.CONSOLE_GATEWAY ?? 'http://127.0.0.1:8787';
const children = [
  spawn('npx', ['tsx', 'watch', 'bin/dev.ts', 'serve', ...process.argv.slice(2)], { stdio: 'inherit' }),
  spawn('npx', ['vite', 'console', '--clearScreen', 'false'], {
    stdio: 'inherit',
    env: { ...process.env, CONSOLE_GATEWAY: gateway },
  }),
];
const end = () => {
  for (const child of children) child.kill('SIGTERM');
};
for (const child of children) {
  child.on('exit', (code) => {
    process.exitCode ??= code ?? 0;
    end();
  });
}
process.on('SIGINT', end);
process.on('SIGTERM', end);
