/** Placeholder. */
@NullMarked
package dev.penstock.core;

import org.jspecify.annotations.NullMarked;
