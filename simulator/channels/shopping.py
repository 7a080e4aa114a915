"""Shopping in a session: the events of Segment's ecommerce spec."""

from datetime import timedelta
from typing import Any

from simulator.catalogue import Campaign, Product
from simulator.channels.loyalty import earn
from simulator.channels.visits import Visit
from simulator.goods import Cart, Order
from simulator.places import Location
from simulator.plan import amount
from simulator.scene import Scene

SHIPPING_CENTS = 499
# Shares of orders that are reserved instead of paid, and of orders that a store ships.
SPECIAL_FULFILMENT = 0.15
# What a page writes if it formats a missing amount.
NOT_A_NUMBER = "$NaN"
# In its first days the web shop sends the design of a page; the next release no longer does. Late messages of these
# days are delivered within the first two weeks too.
DAYS_OF_DESIGNS = 7


def new_cart(scene: Scene) -> Cart:
    """Take an empty cart."""
    cart = Cart(f"cart-{scene.person.number}-{scene.person.next_number('cart')}")
    scene.has("cart_id", cart.cart_id)
    return cart


class ShopVisit(Visit):
    """A session in the shop: browsing, filling a cart, paying."""

    def search(self, query: str) -> None:
        """Search the shop."""
        self.track("Products Searched", query=query)

    def view(self, product: Product) -> None:
        """Look at a product."""
        scene, is_on_the_web = self.scene, self.device.source == "web"
        if is_on_the_web and scene.chance(0.5):
            self.page("Product", f"/products/{product.product_id}")
        self.track("Product Viewed", **self._product(product), **self._design())
        if is_on_the_web and scene.mishap("rage_clicks"):
            self.click("size-selector", times=4)
            scene.is_annoyed = True
        elif is_on_the_web and scene.mishap("dead_click"):
            self.click("product-image")

    def _design(self) -> dict[str, Any]:
        """Return the design of the page, for as long as the web shop states it."""
        until = self.scene.world.plan.start + timedelta(days=DAYS_OF_DESIGNS)
        return {"design": "classic"} if self.device.source == "web" and self.scene.now < until else {}

    def add(self, cart: Cart, product: Product, quantity: int = 1) -> None:
        """Put a product into the cart."""
        cart.lines.append((product, quantity))
        self.track("Product Added", cart_id=cart.cart_id, **self._product(product, quantity))

    def remove(self, cart: Cart) -> None:
        """Take the last product out of the cart again."""
        product, quantity = cart.lines.pop()
        self.track("Product Removed", cart_id=cart.cart_id, **self._product(product, quantity))

    def view_cart(self, cart: Cart) -> None:
        """Look at the cart."""
        self.track("Cart Viewed", cart_id=cart.cart_id, products=self._products(cart))

    def begin_checkout(self, cart: Cart) -> None:
        """Go to the checkout, and take its first step."""
        self.track(
            "Checkout Started",
            cart_id=cart.cart_id,
            value=self._money(cart.cents(self.country)),
            currency=self.country.currency,
            products=self._products(cart),
        )
        self.track("Checkout Step Viewed", cart_id=cart.cart_id, step=1)

    def pay(self, cart: Cart, *, pick_up_at: Location | None = None, offer: Campaign | None = None) -> Order:
        """Pay what is in the cart; the conversion of an online journey."""
        scene = self.scene
        if not self.is_known:
            self.leave_email()
        if scene.mishap("failed_payment"):
            self.track("Payment Failed", cart_id=cart.cart_id, reason="card_declined")
            scene.is_annoyed = True
        self.track("Payment Info Entered", cart_id=cart.cart_id, payment_method="card")
        order = self._order(cart, pick_up_at, offer)
        properties = {
            "order_id": order.order_id,
            "cart_id": cart.cart_id,
            "affiliation": cart.lines[0][0].banner,
            "currency": order.currency,
        } | self._amounts(cart, order, 0 if pick_up_at else SHIPPING_CENTS)
        if offer:
            self.track("Coupon Applied", cart_id=cart.cart_id, coupon=offer.coupon)
            properties["coupon"] = offer.coupon
        properties |= self._fulfilment(order, pick_up_at)
        is_numbered = pick_up_at is not None or self.device.source != "web"
        if not is_numbered and scene.mishap("unnumbered_order"):
            del properties["order_id"]
            order.order_id, order.is_numbered = self.track("Order Completed", **properties), False
            return order
        self.track("Order Completed", **properties)
        scene.has("order_id", order.order_id)
        earn(scene, order)
        return order

    def _fulfilment(self, order: Order, pick_up_at: Location | None) -> dict[str, str]:
        """Return the fulfilment method, in the words of the shop, and its location."""
        is_special = self.scene.world.plan.rng("fulfilment", order.order_id).random() < SPECIAL_FULFILMENT
        if pick_up_at:
            kind = "reserve & collect" if is_special else "pickup"
            return {"fulfilment": kind, "location_id": pick_up_at.location_id}
        if is_special:
            return {"fulfilment": "ship-from-store", "location_id": self.scene.shop.location_id}
        return {"fulfilment": "delivery"}

    def _amounts(self, cart: Cart, order: Order, shipping: int) -> dict[str, Any]:
        """Return the amounts in the order's message, correct or not."""
        scene, subtotal = self.scene, cart.cents(self.country)
        money = {
            "revenue": order.total_cents,
            "subtotal": subtotal,
            "discount": subtotal - order.total_cents,
            "shipping": shipping,
            "total": order.total_cents + shipping,
        }
        if scene.mishap("unreadable_order"):
            goods = [product | {"price": NOT_A_NUMBER} for product in self._products(cart)]
            return {**dict.fromkeys(money, NOT_A_NUMBER), "products": goods}
        if scene.mishap("only_total"):
            money = {"total": money["total"]}
        return {name: self._money(cents) for name, cents in money.items()} | {
            "products": self._products(cart)
        }

    def _money(self, cents: int) -> float | str:
        return f"${cents / 100:,.2f}" if self.device.writes_amounts_as_text else amount(cents)

    def _order(self, cart: Cart, pick_up_at: Location | None, offer: Campaign | None) -> Order:
        scene = self.scene
        subtotal = cart.cents(self.country)
        discount = subtotal * 15 // 100 if offer else 0
        order = Order(
            order_id=f"W{scene.person.number:07}-{scene.person.next_number('order')}",
            channel=self.device.channel,
            lines=list(cart.lines),
            prices=[product.online_price(self.country) for product, _ in cart.lines],
            currency=self.country.currency,
            total_cents=subtotal - discount,
            placed_at=scene.now,
            cart_id=cart.cart_id,
            place=pick_up_at,
            fulfilled_on=None if pick_up_at else self.device.channel,
        )
        scene.orders.append(order)
        return order

    def _product(self, product: Product, quantity: int | None = None) -> dict[str, Any]:
        properties: dict[str, Any] = {
            "product_id": product.product_id,
            "name": product.name,
            "category": product.category,
            "price": self._money(product.online_price(self.country)),
            "currency": self.country.currency,
        }
        return properties if quantity is None else properties | {"quantity": quantity}

    def _products(self, cart: Cart) -> list[dict[str, Any]]:
        return [
            {
                "product_id": product.product_id,
                "name": product.name,
                "price": self._money(product.online_price(self.country)),
                "quantity": quantity,
            }
            for product, quantity in cart.lines
        ]
