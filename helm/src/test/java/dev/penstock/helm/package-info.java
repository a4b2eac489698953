/**
 * The chart is tested without a cluster: rendered by Helm's own code in this process, and each
 * object read into the model that the API server has of it.
 */
@NullMarked
package dev.penstock.helm;

import org.jspecify.annotations.NullMarked;
