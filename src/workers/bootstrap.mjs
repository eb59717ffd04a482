/**
 * What runs in a pool's child: read a job, import its module (once), run it, answer. It is JavaScript because a
 * TypeScript file cannot be a process entry on Node 20; the loader is registered only when a job module is `.ts`.
 */
import { writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import { frameReader, toFrame } from './frames.mjs';

const CHANNEL_FD = 3;
const NICE = 5;
const MAX_MESSAGE_CHARS = 500;

/** Picks this process first when the machine runs out of memory, and lets the gateway's own loop go first. */
function stepBack() {
  try {
    setPriority(NICE);
    writeFileSync('/proc/self/oom_score_adj', '800');
  } catch {
    // Both are courtesies: not every system offers them.
  }
}

/**
 * A parent that was SIGKILLed closes the channel, but a busy loop in a job never reads it. Only another thread can see
 * the new parent then.
 */
function dieWithParent() {
  const watch = `const { workerData } = require('node:worker_threads');
    setInterval(() => { if (process.ppid !== workerData) process.kill(process.pid, 'SIGKILL'); }, 500);`;
  const watchdog = new Worker(watch, {
    eval: true,
    workerData: process.ppid,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1, codeRangeSizeMb: 1 },
  });
  watchdog.unref();
}

/** @type {Map<string, Promise<{ run?: unknown }>>} */
const modules = new Map();
let typescript = false;

/** @param {string} url */
async function load(url) {
  if (url.endsWith('.ts') && !typescript) {
    const { register } = await import('tsx/esm/api');
    register();
    typescript = true;
  }
  return import(url);
}

/** @param {string} url */
async function jobFrom(url) {
  const known = modules.get(url) ?? load(url);
  modules.set(url, known);
  const { run } = await known;
  if (typeof run !== 'function') throw new TypeError('The job module exports no function named "run".');
  return run;
}

/** @param {{ id: number, module: string, input: unknown }} job */
async function perform({ id, module, input }) {
  const before = process.cpuUsage();
  const used = () => {
    const { user, system } = process.cpuUsage(before);
    return { cpuMs: (user + system) / 1000, rss: process.memoryUsage.rss() };
  };
  try {
    const run = await jobFrom(module);
    const output = await run(input);
    return toFrame({ id, kind: 'done', output, ...used() });
  } catch (error) {
    const message = (error instanceof Error ? error.message : 'The job threw something that is not an error.').slice(0, MAX_MESSAGE_CHARS);
    return toFrame({ id, kind: 'threw', message, ...used() });
  }
}

const channel = new Socket({ fd: CHANNEL_FD });

/** @param {{ id: number, module: string, input: unknown }} job */
async function answer(job) {
  const frame = await perform(job);
  channel.cork();
  for (const part of frame) channel.write(part);
  channel.uncork();
}

stepBack();
dieWithParent();
channel.on('close', () => process.exit());
channel.on('error', () => process.exit());
channel.on('data', frameReader({ maxBytes: 2 ** 32 - 1, onMessage: answer, onBroken: () => process.exit(1) }));
