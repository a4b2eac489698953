/**
 * What one event loop owns: its clock, its timers, its index. Everything on the request path
 * belongs to exactly one loop and asserts it.
 */
@NullMarked
package dev.penstock.core.loop;

import org.jspecify.annotations.NullMarked;
