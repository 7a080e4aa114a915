"""Texts of people whose language is not English; support answers in their language."""

from simulator.phrases import Concern

CONCERNS = {
    "es": (
        Concern(
            "El paquete no ha llegado",
            "Mi paquete tenía que haber llegado el lunes. ¿Dónde está?",
            "Estoy muy enfadada: ya he preguntado dos veces y nadie sabe dónde está mi paquete.",
            "El paquete está con el transportista y llega mañana.",
        ),
        Concern(
            "No puedo entrar en mi cuenta",
            "No puedo entrar en mi cuenta desde ayer. ¿Qué tengo que hacer?",
            "Sigo esperando una respuesta y todavía no puedo entrar en mi cuenta.",
            "Le hemos enviado un enlace para elegir una contraseña nueva.",
        ),
    ),
    "de": (
        Concern(
            "Paket nicht angekommen",
            "Mein Paket hätte am Montag ankommen sollen. Wo ist es?",
            "Ich warte immer noch auf mein Paket und bin sehr verärgert, niemand kann mir helfen.",
            "Das Paket ist beim Zusteller und kommt morgen an.",
        ),
    ),
    "fr": (
        Concern(
            "Colis non reçu",
            "Mon colis devait arriver lundi dernier. Savez-vous où il se trouve ?",
            "Je suis très déçue, j'attends toujours mon colis et personne ne me répond.",
            "Le colis est chez le transporteur et arrivera demain matin.",
        ),
    ),
}
PRAISE = {
    "es": ("Me encanta, la mejor compra de este año. ¡Muchas gracias!",),
    "de": ("Ich bin begeistert, das war der beste Kauf in diesem Jahr.",),
    "fr": ("Je suis ravie de cet achat, la qualité est excellente.",),
}
BLAME = {
    "es": ("Estoy decepcionado, en la foto parecía mucho mejor.",),
    "de": ("Ich bin enttäuscht, auf dem Bild sah es viel besser aus.",),
    "fr": ("Je suis déçu, la photo était bien plus belle que le produit.",),
}
