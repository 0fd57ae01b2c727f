import { defineConfig } from 'vitest/config'

/** Long ones, with processes killed by the hundred: `npm test -- --project chaos`, not part of `make test` yet. */
const chaos = ['killed', 'races', 'restarts', 'old-crd', 'faults'].map(
  name => `test/control/operator-${name}.test.ts`,
)
const rooms = '{crds,kube,operator,agent,bpf,cli,scripts,test}'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          testTimeout: 60_000, // a busy machine is no failure
          include: [`${rooms}/**/*.test.ts`],
          exclude: [
            'test/kernel/**',
            'test/matrix/*.test.ts',
            'test/control/**',
            'test/nodes/**',
            '**/node_modules/**',
          ],
        },
      },
      {
        test: {
          name: 'kernel',
          include: ['test/kernel/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'control',
          include: ['test/control/**/*.test.ts'],
          exclude: [...chaos, '**/node_modules/**'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000, // the programs may have to be built first
        },
      },
      {
        test: {
          name: 'chaos',
          include: chaos,
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
      {
        test: {
          name: 'nodes',
          include: ['test/nodes/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 300_000,
          hookTimeout: 900_000, // and the images
        },
      },
      {
        test: {
          name: 'matrix',
          include: ['test/matrix/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 900_000,
          hookTimeout: 900_000,
        },
      },
    ],
  },
})
