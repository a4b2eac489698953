/** Placeholder. */
@NullMarked
package dev.penstock.app;

import org.jspecify.annotations.NullMarked;
