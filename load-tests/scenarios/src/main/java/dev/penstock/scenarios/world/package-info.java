/** The manifests that the gateway serves, and the changes to them. */
@NullMarked
package dev.penstock.scenarios.world;

import org.jspecify.annotations.NullMarked;
