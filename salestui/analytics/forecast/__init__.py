"""What will be won: pure functions on the dated history, and the accuracy they have had.

From the deals as they were known on a day (`deals`) come hazards by age (`ageing`), sums of the past
(`trend`) and their calendar (`phases`); `study` works them out once for each day, `total` blends
them into one forecast with its range, `backtest` repeats that on past days, `groups` splits it and
`probability` prices each deal. Nothing here looks past its day, and nothing promises an accuracy: it
is measured on the user's own history, beside the most that chance allows (`ceiling`).
"""
