/** Placeholder. */
@NullMarked
package dev.penstock.testkit;

import org.jspecify.annotations.NullMarked;
