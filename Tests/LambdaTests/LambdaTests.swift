// The tests of Lambda follow.
