import numpy as np
import pytest

from petgen.cohort.in_memory import SHAPE_3MM, InMemory, coarser
from petgen.cohort.people import open_people
from petgen.imaging.grid import SHAPE, template, template_mask


class Counting:
    """A cohort that counts what is read of it."""

    provenance = "simulated-cohort"

    def __init__(self, people):
        self.people, self.read_so_far = people, 0

    def __getattr__(self, name):
        return getattr(self.people, name)

    def read(self, name):
        self.read_so_far += 1
        return self.people.read(name)


def test_a_coarser_volume_is_the_same_brain():
    small, mask = coarser(template()), coarser(template_mask())
    assert small.shape == mask.shape == SHAPE_3MM
    assert mask.dtype == bool
    assert mask.sum() * 27 == pytest.approx(template_mask().sum() * 8, rel=0.04)
    assert small[mask].mean() == pytest.approx(template()[template_mask()].mean(), rel=0.03)


@pytest.mark.parametrize(("grid", "shape"), [(None, SHAPE), (coarser, SHAPE_3MM)])
def test_people_are_read_once_and_stay_as_they_are(simulated, grid, shape):
    fine = Counting(open_people(simulated))
    people = InMemory(fine, grid) if grid else InMemory(fine)
    name, trained = people.names("test")[0], people.names("train")[0]
    person, again = people.read(name), people.read(name)
    assert fine.read_so_far == 1
    whole = fine.people.read(name)
    assert person.centiloid == whole.centiloid
    assert person.values == whole.values
    for key in ("t1", "pet", "parcels", "tissue", "mask", "cortex", "cerebellum"):
        seen, expected = getattr(person, key), getattr(whole, key)
        assert seen.shape == shape
        assert seen.dtype == expected.dtype
        np.testing.assert_array_equal(seen, getattr(again, key))
        np.testing.assert_allclose(seen, grid(expected) if grid else expected, rtol=1e-3, atol=1e-3)
    assert people.ideal(name).noise_free.shape == shape
    assert people.ideal(trained) is None
    first, second, same = (people.typical(trained, number) for number in (0, 1, 0))
    assert first.suvr.shape == shape
    assert first.suvr.dtype == np.float32
    np.testing.assert_array_equal(first.suvr, same.suvr)
    assert first.centiloid < second.centiloid
    assert people.typical(name, 0) is None


def test_people_beyond_the_limit_are_read_again(simulated):
    fine = Counting(open_people(simulated))
    name = fine.names("test")[0]
    people = InMemory(fine, limit_gb=0.001)
    first, second = people.read(name), people.read(name)
    assert fine.read_so_far == 2
    np.testing.assert_array_equal(first.pet, second.pet)
