/**
 * The claims of five documents about a student force field and a streaming optimizer, with the tables they rest on.
 * Numbers are those of the documents and of the result files beside them; texts are shortened.
 */
export const bundledLedger = `
title: Claims about a student force field (001, 002), a streaming optimizer (003), training loops (000, 004)

series:
  - id: batch-001
    subject: 001, batch table (run of 07:43)
    axis: batch
    unit: ms
    total: { 1: 0.7948, 2: 43.6405, 4: 87.5808 }
    single: 22.32
    target: 500
  - id: batch-002
    subject: 002, batch table (run of 08:22)
    axis: batch
    unit: ms
    total: { 1: 0.7938, 2: 38.53, 4: 42.55 }
    single: 38.22
    target: 500
  - id: size-002
    subject: 002, table by system size
    axis: size
    unit: ms
    total: { 3: 38.19, 4: 37.67, 5: 38.89, 8: 38.13, 9: 38.21, 11: 38.65, 12: 38.25, 60: 38.14 }

mixtures:
  - { subject: "001, scaling at 3 atoms", n: 5, mean: 4.98599, deviation: 8.41779, hit: 0.79483 }
  - { subject: "001, scaling at 60 atoms", n: 5, mean: 7.53567, deviation: 13.47570, hit: 0.79483 }
  - { subject: "002, scaling at 3 atoms", n: 5, mean: 8.21786, deviation: 14.81903, hit: 0.79378 }
  - { subject: "002, scaling at 60 atoms", n: 5, mean: 10.06298, deviation: 18.49955, hit: 0.79378 }

claims:
  - id: 000-5
    text: Times around an incomplete wait are valid
    source: 000, item 5
    status: withdrawn
    because: The wait returns after the first leaf, so work outlives its timing span; no saving can be stated from such times.
  - id: 000-7
    text: Redundant conversions in train.py cost time
    source: 000, item 7
    status: partly
    because: The conversion of an array that already is one does nothing; only the slicing copies. Saving of the call itself is 0.
  - id: 001-throughput
    text: 44.80 structures per second at 22.32 ms
    source: 001, current performance
    unit: /s
    stated: 44.80
    computed: "1000 / 22.32"
  - id: 001-batch-28x
    text: Batch 2 and 4 are 28 times slower per structure than batch 1
    source: 001, critical issue
    unit: ×
    stated: 28
    computed: ["43.6405 / 2 / 0.7948", "87.5808 / 4 / 0.7948"]
    baseline: { series: batch-001, at: 1 }
  - id: 001-batch-0036
    text: Only 0.036 times the speed for batch 4
    source: 001, batch efficiency
    unit: ×
    stated: 0.036
    computed: "0.7948 / (87.5808 / 4)"
    baseline: { series: batch-001, at: 1 }
  - id: 001-scaling
    text: Scaling is reasonable, 0.126 ms per atom at 60 atoms
    source: 001, key observations
    unit: ms per atom
    stated: 0.126
    computed: "34.50 / 60"
  - id: 001-cumulative
    text: Tiers 1 to 4 multiply to 15 times
    source: 001, cumulative projection
    unit: ×
    stated: 15.0
    computed: "2.0 * 2.5 * 2.0 * 1.5"
  - id: 001-tier12
    text: Tier 1 and tier 2 reach the target of 10 times
    source: 001, target achievement
    unit: ×
    stated: 10
    computed: "2.0 * 2.5"
  - id: 001-mvp-single
    text: Below 5 ms is a speed-up of 4.5 times
    source: 001, success criteria
    unit: ×
    stated: 4.5
    computed: "22.32 / 5"
  - id: 001-mvp-throughput
    text: 500 structures per second is 11 times the present throughput
    source: 001, success criteria
    unit: ×
    stated: 11
    computed: "500 / 45"
  - id: 001-gpu-bound
    text: Almost all time is in device operations
    source: 001, appendix
    status: refuted
    because: Time does not depend on size from 3 to 60 atoms (002), so the device is not what limits it.
  - id: 001-compile
    text: Compiling the model makes it 1.3 to 1.8 times as fast
    source: 001, item 1.2
    status: refuted
    because: Runs of 08:22 and with compile differ by −1.43 % (Welch p 0.12); 002 says that compiling failed, so the flag is no evidence.
    computed: "37.6716 / 38.2200 - 1"
  - id: 002-50x
    text: Batch 2 is 50 times slower
    source: 002, critical bug
    unit: ×
    stated: 50
    computed: "38.53 / 2 / 0.7938"
    baseline: { series: batch-002, at: 1 }
    status: withdrawn
    because: 48.5 would be total time against time per item; per item it is 24.3, and batch 1 is no measurement.
  - id: 002-24x
    text: Batch 2 per structure is 24 times slower
    source: 002, evidence
    unit: ×
    stated: 24
    computed: "19.27 / 0.7938"
    baseline: { series: batch-002, at: 1 }
  - id: 002-13x
    text: Batch 4 per structure is 13 times slower
    source: 002, evidence
    unit: ×
    stated: 13
    computed: "10.64 / 0.7938"
    baseline: { series: batch-002, at: 1 }
  - id: 002-batch16
    text: Batch 16 takes about 2.4 ms per structure
    source: 002, revised targets
    unit: ms
    stated: 2.4
    computed: "34.51 / 16 + 2.01"
  - id: 002-483
    text: 4.83 ms for 50 atoms from a separate analysis
    source: 002, model comparison
    unit: ×
    computed: "38.22 / 4.83"
    status: refuted
    because: The same quantity is stated twice and differs by this factor.
  - id: 002-parameters
    text: 59 times fewer parameters
    source: 002, model comparison
    unit: ×
    stated: 59
    computed: "25.2 / 0.43"
  - id: 002-environment
    text: The runs of 07:43 and 08:22 are of one program
    source: 001 and 002
    unit: "%"
    computed: ["(38.22 / 22.32 - 1) * 100", "(10.64 / 21.895 - 1) * 100"]
    status: refuted
    because: Single inference rose while batch 4 per item fell, and memory before the run is 65.6 MB against 17.9 MB at the same 3.89 MB overhead. One headline number would be wrong.
  - id: 003-12000x
    text: 12,000 times for cached calls of the Jacobian
    source: 003, completed optimizations
    share: [0.40, 0.60]
    status: partly
    because: It sets compiling and running against running; of the whole only its share can be saved.
  - id: 003-26x
    text: 26 times for the cost evaluation
    source: 003, completed optimizations
    share: [0.25, 0.35]
    status: partly
    because: Of the whole only its share can be saved.
  - id: 003-scan-jtj
    text: The scan is 0.11 times the speed of the loop (J^T J)
    source: 003, key findings
    unit: ×
    stated: 0.11
    computed: "12.680 / 114.446"
  - id: 003-scan-cost
    text: The scan is 0.13 times the speed of the loop (cost)
    source: 003, key findings
    unit: ×
    stated: 0.13
    computed: "9.872 / 75.983"
  - id: 003-scan-reason
    text: A scan is slower than a loop on the CPU
    source: 003, key findings
    status: partly
    because: The window holds repeated tracing and compiling; compiled once, the two have to be measured again.
  - id: 003-shares
    text: The stated parts add to the whole
    source: 003, bottlenecks 1.1 to 1.8
    unit: "%"
    stated: 100
    computed: ["40 + 25 + 10 + 5 + 5 + 10 + 1 + 1", "60 + 35 + 15 + 10 + 8 + 15 + 3 + 2"]
  - id: 003-total
    text: All optimizations together save about 40 %
    source: 003, expected overall improvement
    unit: "%"
    stated: 40
    computed:
      - "(1 - (1-0.15)*(1-0.20)*(1-0.10)*(1-0.05)*(1-0.10)*(1-0.05)*(1-0.01)*(1-0.01)) * 100"
      - "(1 - (1-0.25)*(1-0.30)*(1-0.15)*(1-0.10)*(1-0.10)*(1-0.10)*(1-0.03)*(1-0.02)) * 100"
  - id: 003-1m
    text: 1 M points from 30 s to 18 s is 40 %
    source: 003, expected overall improvement
    unit: "%"
    stated: 40
    computed: "(1 - 18 / 30) * 100"
  - id: 004-labels
    text: 12 to 23 ms a batch are 60 to 115 s an epoch of 5000 batches
    source: 004, item 1
    unit: s
    stated: [60, 115]
    computed: ["12 * 5000 / 1000", "23 * 5000 / 1000"]
  - id: 004-metrics
    text: Three reads of 5 to 10 ms a batch are 40 s an epoch
    source: 004, item 2
    unit: s
    stated: 40
    computed: ["3 * 5 * 5000 / 1000", "3 * 10 * 5000 / 1000"]
  - id: 004-sum
    text: The savings sum to 105 to 163 s an epoch
    source: 004, impact summary
    unit: s
    stated: [105, 163]
    computed: ["60 + 40 + 5", "115 + 40 + 8"]
  - id: 004-minutes
    text: The total is 2 to 5 minutes an epoch
    source: 004, impact summary
    unit: min
    stated: [2, 5]
    computed: ["105 / 60", "163 / 60"]
`;
