"""One model of requests and what is made of their answers: for load, journeys and golden sets."""
