/** Pure functions from cluster objects to the model: config and complaints out, nothing else. */
@NullMarked
package dev.penstock.ingress.translate;

import org.jspecify.annotations.NullMarked;
