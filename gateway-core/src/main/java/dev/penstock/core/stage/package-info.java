/**
 * What happens to a request between its route and its upstream. A stage looks and answers; the
 * exchange acts. The order of the stages stands in one method of the exchange.
 */
@NullMarked
package dev.penstock.core.stage;

import org.jspecify.annotations.NullMarked;
