"""Who the simulated people are, in constants with their evidence; `biology` draws from them."""

from petgen.cohort.evidence import HUASHAN, MONTE_CARLO, SIMOA, constant

DIAGNOSES = ("CU", "MCI", "AD")
SUBTYPES = ("frontal", "parietal", "occipital")

SHARE = constant("share of CU, MCI, AD", (0.57, 0.23, 0.20), "read", HUASHAN)
AGE = constant(
    "age by diagnosis, mean and SD (years)",
    ((65.5, 7.5), (67.0, 8.0), (68.5, 9.0)),
    "derived",
    f"all together 66.4 +- 8.1: {HUASHAN}; differences between diagnoses assumed",
)
AGES = (45, 90)
FEMALE = constant("share of women", 0.62, "read", HUASHAN)
EDUCATION = constant("education by diagnosis, mean (years)", (11.5, 10.2, 9.3), "assumed", "Shanghai cohorts")
EDUCATION_SPREAD = constant("SD of education (years)", 3.6, "assumed", "Shanghai cohorts")
APOE4 = constant("share of APOE4 carriers by diagnosis", (0.18, 0.24, 0.40), "assumed", "Chinese cohorts")
HOMOZYGOUS = constant("share of carriers with two alleles", 0.12, "assumed", "Hardy-Weinberg at 20 % carriers: 0.06")
LOGIT_POSITIVE = constant(
    "logit of amyloid positivity by diagnosis at 66 years without APOE4",
    (-2.40, -1.50, 0.50),
    "derived",
    f"share above 12 CL 15.4 / 28.5 / 71.8 %: {HUASHAN}",
)
LOGIT_AGE = constant("logit of positivity per year of age", 0.05, "derived", "Jansen 2015 JAMA: 10 % at 50, 44 % at 90")
LOGIT_APOE4 = constant("logit of positivity, APOE4 carrier", 1.0, "derived", "Jansen 2015 JAMA: 2 to 3 times as often")
NEGATIVE_CL = constant(
    "load of the negative, mean and SD (CL)",
    (-1.0, 7.3),
    "derived",
    f"quartiles of CU -5.3 and 7.7 CL less the scan's noise: {HUASHAN}",
)
POSITIVE_CL = constant(
    "load of the positive by diagnosis, mean and SD (CL), above 12",
    ((38.0, 24.0), (50.0, 28.0), (60.0, 31.0)),
    "derived",
    f"AD 44.0 +- 39.2 CL, of which 28 % are negative: {HUASHAN}; CU and MCI in proportion",
)
LEAST_POSITIVE = 12.0
SUBTYPE = constant(
    "subtypes frontal, parietal, occipital among the clearly subtyped",
    (0.53, 0.25, 0.22),
    "read",
    "Collij 2022 (PMC9071373), 3,010 scans",
)
ASYMMETRY = constant("SD of the logarithm of left over right capacity", 0.16, "assumed", "SUVR asymmetry 3 to 4 %")
ASYMMETRY_FADES = constant("load at which asymmetry has fallen to 37 % (CL)", 80.0, "assumed", "highest in MCI")

NEURODEGENERATION = constant(
    "neurodegeneration (z) lost by diagnosis",
    (0.0, 1.25, 1.9),
    "derived",
    "hippocampal d 1.1 to 1.6 (MCI) and 2.0 to 2.7 (AD): hbm25234 (PMC7775994), Table 1",
)
NEURO_AGE = constant("neurodegeneration (z) lost per year", 0.045, "assumed", "hippocampus about -0.5 % a year")
NEURO_LOAD = constant("neurodegeneration (z) lost per 100 CL", 0.3, "derived", "r(SUVR, HV) of the calibration table")
NEURO_SPREAD = constant(
    "SD of neurodegeneration that nothing else explains", 0.8, "derived", "as the diagnosis' losses"
)
HIPPOCAMPUS = constant(
    "both hippocampi, share of the brain mask at z = 0, and change of its logarithm per z",
    (0.0053, 0.10),
    "derived",
    "0.49 % of the intracranial volume in SCD A-, d 0.3 to 0.5 for 4 %: PMC9644060, Table 3; mask 0.93 of it",
)
VENTRICLES = constant(
    "lateral ventricles, share of the brain mask at 66 years, per year and per z lost (logarithms), SD",
    (0.022, 0.03, 0.22, 0.35),
    "assumed",
    "+2.5 to 4 % a year",
)
THINNING = constant(
    "opening of sulci per z lost by lobe (mm on each bank)",
    {"temporal": 0.09, "parietal": 0.07, "frontal": 0.05, "occipital": 0.02},
    "assumed",
    "order: McDonald 2009 (PMC2727145); 5 to 15 % of 2.7 mm in mild AD",
)

SEVERITY = constant("severity T by diagnosis", (0.0, 0.35, 1.0), "assumed", "CDR")
PLASMA_SCALE = constant(
    "plasma at load 0 and 66 years, median, by analyte (pg/mL; ratio unitless)",
    {"abeta40": 137, "ratio": 0.0385, "p_tau181": 1.30, "t_tau": 0.80, "nfl": 13, "p_tau217": 0.30, "gfap": 105},
    "derived",
    f"geometric means 136.6, 0.0375, 1.27, 0.79: {SIMOA}; NfL Simren 2022; p-tau217 and GFAP assumed",
)
PLASMA_SPREAD = constant(
    "SD of the logarithm that nothing else explains, assay noise included",
    {"abeta40": 0.30, "ratio": 0.23, "p_tau181": 0.44, "t_tau": 0.69, "nfl": 0.35, "p_tau217": 0.34, "gfap": 0.36},
    "derived",
    f"SD of logarithms .41, .27, .49, .70 in all: {SIMOA}; the others {MONTE_CARLO}",
)
PLASMA_EFFECT = constant(
    "effect on the logarithm of A, B, T (only above 20 CL for p-tau), S, a, APOE4",
    {
        "abeta40": (-0.06, 0.0, 0.0, 0.25, 0.006, 0.0),
        "ratio": (-0.15, 0.0, 0.0, 0.0, -0.004, -0.02),
        "p_tau181": (0.14, 0.20, 0.08, 0.08, 0.008, 0.0),
        "t_tau": (0.0, 0.0, 0.03, 0.05, 0.003, 0.0),
        "nfl": (0.0, 0.05, 0.12, 0.10, 0.031, 0.0),
        "p_tau217": (0.35, 0.75, 0.15, 0.10, 0.008, 0.0),
        "gfap": (0.15, 0.28, 0.10, 0.06, 0.015, 0.0),
    },
    "derived",
    MONTE_CARLO,
)
RATIO_ON_ABETA40 = constant(
    "change of the logarithm of Abeta42/40 per logarithm of Abeta40 that is noise",
    -0.33,
    "derived",
    f"SD of the logarithms of Abeta42, Abeta40 and their ratio .36, .41, .27: {SIMOA}",
)
NFL_NEURO = constant("NfL, effect on the logarithm per z lost beyond age and diagnosis", 0.12, "derived", MONTE_CARLO)
REPORTABLE = constant(
    "lowest and highest value a laboratory reports (pg/mL; ratio unitless)",
    {
        "abeta40": (40, 570), "ratio": (0.01, 0.078), "p_tau181": (0.1, 25), "t_tau": (0.05, 25), "nfl": (2, 400),
        "p_tau217": (0.03, 14), "gfap": (15, 2500),
    },
    "assumed",
    "several SD from the medians",
)  # fmt: skip
MMSE = constant(
    "MMSE by diagnosis, mean and SD", ((27.9, 1.6), (26.0, 2.4), (18.5, 5.5)), "assumed", "Shanghai cohorts"
)
MOCA = constant(
    "MoCA-B by diagnosis, mean and SD", ((25.5, 2.7), (21.0, 3.5), (13.0, 5.5)), "assumed", "Shanghai cohorts"
)
AVLT = constant("AVLT delayed by diagnosis, mean and SD", ((5.5, 2.0), (2.3, 1.8), (0.5, 1.0)), "assumed", "AVLT-N5")
SHARED_TEST = constant(
    "correlation of MMSE and MoCA-B within a diagnosis", 0.45, "derived", "r = .787 over all: Chen 2016, MoCA-B"
)

HIGHEST = {"mmse": 30, "moca": 30, "avlt": 12}
JOINED = ("mmse", "moca")

CORE_PANEL = ("abeta40", "abeta42", "abeta42_40", "t_tau", "p_tau181", "nfl")
LATENT = (
    "diagnosis", "centiloid", "subtype", "subtype_strength", "asymmetry", "neurodegeneration", "hippocampus",
    "ventricles",
)  # fmt: skip
KEPT = constant(
    "share of people in whom a panel, then a value, was measured",
    (
        (CORE_PANEL, 0.85), (("p_tau217", "gfap"), 0.35), (("p_tau217",), 0.9), (("gfap",), 0.9), (("apoe4",), 0.5),
        (("mmse",), 0.9), (("moca",), 0.7), (("avlt",), 0.6), (("education",), 0.95),
        (("age",), 0.99), (("sex",), 0.99),
        *(((name,), 0.95) for name in CORE_PANEL), (("abeta40", "abeta42"), 0.75), (("t_tau",), 0.8),
    ),
    "assumed",
    "p-tau217 with GFAP in 262 of 1,254, the core panel in 504: Front Aging Neurosci 2025, 1660755; more here, so that "
    "the network learns them",
)  # fmt: skip
