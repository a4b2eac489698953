package dev.penstock.scenarios;

/**
 * Something that has to hold.
 *
 * @param detail what was seen
 */
record Condition(String what, boolean holds, String detail) {}
