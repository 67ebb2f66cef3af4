"""PyVRP on a problem read from standard input, for as many CPU seconds as it says.

Prints the distance in the problem's units, or null where no whole plan was found.
"""

import json
import sys
import time

import numpy
import pyvrp

NEVER = 1 << 40


def matrices(problem):
    """One pair of matrices for each set of visits that some technicians may serve."""
    distance = numpy.array(problem["distance"], dtype=numpy.int64)
    duration = numpy.array(problem["duration"], dtype=numpy.int64)
    places = numpy.array([visit["place"] for visit in problem["visits"]])
    sets = sorted({tuple(one["serves"]) for one in problem["vehicles"]})
    for serves in sets:
        barred = numpy.ones(len(places), dtype=bool)
        barred[list(serves)] = False
        further, longer = distance.copy(), duration.copy()
        for matrix in (further, longer):
            matrix[:, places[barred]] = NEVER
            matrix[places[barred], :] = NEVER
            numpy.fill_diagonal(matrix, 0)
        yield serves, further, longer


def model(problem):
    profiles = list(matrices(problem))
    index = {serves: i for i, (serves, _, _) in enumerate(profiles)}
    places = sorted({one[end] for one in problem["vehicles"] for end in ("from", "to")})
    depot = {place: i for i, place in enumerate(places)}
    points = [pyvrp.Location(x, y) for x, y in problem["places"]]
    vehicles = [
        pyvrp.VehicleType(
            num_available=one["count"],
            capacity=one["capacity"],
            start_depot=depot[one["from"]],
            end_depot=depot[one["to"]],
            tw_early=one["start"],
            tw_late=one["end"],
            profile=index[tuple(one["serves"])],
        )
        for one in problem["vehicles"]
    ]
    clients = [
        pyvrp.Client(
            visit["place"],
            delivery=visit["load"],
            service_duration=visit["seconds"],
            tw_early=visit["open"],
            tw_late=visit["close"],
        )
        for visit in problem["visits"]
    ]
    depots = [pyvrp.Depot(place) for place in places]
    further, longer = [one[1] for one in profiles], [one[2] for one in profiles]
    return pyvrp.ProblemData(points, clients, depots, vehicles, further, longer)


def main():
    problem = json.load(sys.stdin)
    data = model(problem)
    began = time.process_time()
    result = pyvrp.solve(
        data,
        stop=lambda best: time.process_time() - began >= problem["cpu"],
        seed=problem["seed"],
        collect_stats=False,
    )
    print(json.dumps(result.best.distance() if result.is_feasible() else None))


main()
