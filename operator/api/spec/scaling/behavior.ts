/** `spec.scaling.behavior`: how fast, and how steadily, the number of pods follows the demand. */
import { z } from 'zod';

const window = (): z.ZodNumber => z.int().min(0).max(3600);
const periods = (): z.ZodNumber => z.int().min(1).max(60);
const podStep = (): z.ZodNumber => z.int().min(1).max(1000);
const percentStep = (): z.ZodNumber => z.int().min(0).max(1000);
const period = (): z.ZodNumber => z.int().min(1).max(1800);

const scaleUp = z.object({
  stabilizationSeconds: window()
    .default(0)
    .describe('The least that was needed in this many seconds decides. Default 0: at once.'),
  confirmPeriods: periods()
    .default(1)
    .describe('More must be needed in this many periods of metrics.periodSeconds in a row. Default 1.'),
  maxPods: podStep()
    .default(4)
    .describe('At most this many pods more in periodSeconds, or maxPercent if that is more. Default 4.'),
  maxPercent: percentStep()
    .default(100)
    .describe('At most this many percent more in periodSeconds, or maxPods if that is more. Default 100.'),
  periodSeconds: period().default(15).describe('What maxPods and maxPercent count over. Default 15.'),
});

const scaleDown = z.object({
  stabilizationSeconds: window()
    .default(300)
    .describe('The most that was needed in this many seconds decides. Default 300.'),
  confirmPeriods: periods()
    .default(4)
    .describe('Fewer must be needed in this many periods of metrics.periodSeconds in a row. Default 4.'),
  maxPods: podStep()
    .default(1)
    .describe('At most this many pods fewer in periodSeconds, or maxPercent if that is more. Default 1.'),
  maxPercent: percentStep()
    .max(100)
    .default(20)
    .describe('At most this many percent fewer in periodSeconds, or maxPods if that is more. Default 20.'),
  periodSeconds: period().default(60).describe('What maxPods and maxPercent count over. Default 60.'),
});

/** See the file comment. */
export const behavior = z.object({
  tolerancePercent: z
    .int()
    .min(0)
    .max(50)
    .default(10)
    .describe('A need that differs from the present number by no more than this is no reason. Default 10.'),
  scaleUp: scaleUp.prefault({}).describe('How the number rises.'),
  scaleDown: scaleDown
    .prefault({})
    .describe(
      'How the number falls. After a start of the operator nothing falls before it has watched this long.',
    ),
  minPodAgeSeconds: z
    .int()
    .min(0)
    .max(86_400)
    .default(600)
    .describe('Nothing is scaled down while a pod in DNS is younger than this many seconds. Default 600.'),
  reuseDraining: z
    .enum(['Always', 'Never'])
    .default('Always')
    .describe(
      'Always (default): when more pods are needed, those that still drain come back before any is created. Never: they go on draining.',
    ),
  maxPendingPods: z
    .int()
    .min(0)
    .max(100)
    .default(1)
    .describe(
      'How many pods more than there are eligible nodes may be made for the demand, so that a node autoscaler sees them waiting and adds nodes. Default 1. 0 where no node can be added.',
    ),
});
