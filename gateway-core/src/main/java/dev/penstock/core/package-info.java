/**
 * The data plane's front door: a gateway that is given configurations and serves them. What is
 * inside is drawn in ARCHITECTURE.md.
 */
@NullMarked
package dev.penstock.core;

import org.jspecify.annotations.NullMarked;
